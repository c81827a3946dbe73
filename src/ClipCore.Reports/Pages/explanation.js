"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { layers: L, heads: H, rows: R, texts: T, embed, attention, mlps, headEffects: heads, top } = data;
  const N = R * R;
  const bytes = Uint8Array.from(atob(data.patches), c => c.charCodeAt(0));
  const patches = new Int16Array(bytes.buffer);
  const state = { text: 0, mode: T > 1 ? "contrast" : "own", head: null };
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = selector => document.querySelector(selector);

  const choose = (values, text) => {
    if (state.mode === "own" || T === 1) return values[text];
    let others = 0;
    for (let i = 0; i < T; i++) if (i !== text) others += values[i];
    return values[text] - others / (T - 1);
  };
  const patch = (l, h, p) => {
    const values = new Array(T);
    for (let t = 0; t < T; t++) values[t] = patches[((t * L + l) * H + h) * N + p] * data.patchScale;
    return values;
  };
  const headMap = (l, h, text) => Array.from({ length: N }, (_, p) => choose(patch(l, h, p), text));
  const sums = Array.from({ length: T }, (_, t) => Array.from({ length: N }, (_, p) => data.maps[t][p]));
  const wholeMap = text => Array.from({ length: N }, (_, p) => choose(sums.map(map => map[p]), text));

  const number = (value, signed = true) => {
    const size = Math.abs(value);
    const digits = size >= 1 ? 2 : size >= 0.1 ? 3 : size >= 0.01 ? 4 : size >= 0.001 ? 5 : 6;
    return (value < 0 ? "−" : signed ? "+" : "") + size.toFixed(digits);
  };
  const largest = maps => maps.reduce((m, map) => map.reduce((n, v) => Math.max(n, Math.abs(v)), m), 0) || 1;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = R;
  const draw = (map, scale) => {
    const context = canvas.getContext("2d"), image = context.createImageData(R, R);
    map.forEach((value, p) => {
      const color = value < 0 ? data.against : data.for;
      image.data.set([...color, Math.round(Math.min(Math.abs(value) / scale, 1) * 255)], p * 4);
    });
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  };
  const tone = (element, value, scale) => {
    element.classList.toggle("plus", value >= 0);
    element.classList.toggle("minus", value < 0);
    element.style.setProperty("--v", Math.min(Math.abs(value) / scale, 1).toFixed(3));
  };

  function showMaps() {
    const selected = state.head;
    const maps = Array.from({ length: T }, (_, t) => selected ? headMap(...selected, t) : wholeMap(t));
    const scale = largest(maps);
    all("#maps figure").forEach((figure, t) => {
      figure.querySelector("img").src = draw(maps[t], scale);
      figure.querySelector(".total").textContent = number(choose(selected ? heads[selected[0]][selected[1]] : data.cosines, t));
    });
    all("#where .end").forEach((end, i) => { end.textContent = number(i ? scale : -scale); });
    one("#what").textContent = selected ? `L${selected[0]}.H${selected[1]} alone` : "all heads summed";
  }

  function showGrid() {
    const columns = [];
    for (let l = 0; l < L; l++) for (let h = 0; h < H; h++) columns.push(choose(heads[l][h], state.text));
    const others = [choose(embed, state.text), ...mlps.map(mlp => choose(mlp, state.text))];
    const scale = largest([columns, others]);
    const fill = (element, value) => {
      tone(element, value, scale);
      element.textContent = (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
      element.title = `${element.dataset.label} ${number(value)}`;
      element.setAttribute("aria-label", element.title);
    };
    all("#grid button").forEach(button => {
      const [l, h] = button.dataset.head.split(",").map(Number);
      fill(button, columns[l * H + h]);
      button.setAttribute("aria-pressed", String(state.head !== null && state.head[0] === l && state.head[1] === h));
    });
    all("#grid span.value").forEach(span => fill(span, others[Number(span.dataset.mlp) + 1]));
    all("#parts .end").forEach((end, i) => { end.textContent = number(i ? scale : -scale); });
  }

  function showWaterfall() {
    const values = [embed, ...attention, ...mlps].map(effects => choose(effects, state.text));
    let sum = 0, low = 0, high = 0;
    const spans = values.map(value => { const from = sum; sum += value; low = Math.min(low, sum); high = Math.max(high, sum); return [from, sum, value]; });
    spans.push([0, sum, sum]);
    const width = high - low || 1;
    all("#waterfall tr").forEach((row, i) => {
      const [from, to, value] = spans[i], bar = row.querySelector("i"), track = row.querySelector(".track");
      bar.style.setProperty("--from", ((Math.min(from, to) - low) / width).toFixed(4));
      bar.style.setProperty("--width", (Math.abs(to - from) / width).toFixed(4));
      track.style.setProperty("--zero", (-low / width).toFixed(4));
      bar.classList.toggle("plus", value >= 0);
      bar.classList.toggle("minus", value < 0);
      row.querySelector(".number").textContent = number(value);
    });
  }

  function showSheet() {
    const ranked = [];
    for (let l = 0; l < L; l++) for (let h = 0; h < H; h++) ranked.push([l, h, choose(heads[l][h], state.text)]);
    ranked.sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]) || a[0] - b[0] || a[1] - b[1]);
    const best = ranked.slice(0, top), maps = best.map(([l, h]) => headMap(l, h, state.text)), scale = largest(maps);
    all("#sheet figure").forEach((figure, i) => {
      const [l, h, value] = best[i];
      figure.querySelector("img").src = draw(maps[i], scale);
      figure.querySelector("figcaption").textContent = `L${l}.H${h} ${number(value)}`;
      figure.querySelector(".stack").setAttribute("aria-label", `What L${l}.H${h} takes from each patch; in all ${number(value)}`);
    });
    all("#look .end").forEach((end, i) => { end.textContent = number(i ? scale : -scale); });
    all(".chosen").forEach(element => { element.textContent = data.names[state.text]; });
    all(".over").forEach(element => { element.hidden = state.mode === "own"; });
  }

  function remember() {
    const parts = [];
    if (state.text) parts.push(`text=${state.text + 1}`);
    if (state.head) parts.push(`head=L${state.head[0]}.H${state.head[1]}`);
    if (state.mode === "own" && T > 1) parts.push("alone=1");
    try {
      history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
    } catch {
      // A page shown inside another one has no address of its own.
    }
  }

  function recall() {
    const given = new URLSearchParams(location.hash.slice(1)), text = Number(given.get("text")), head = /^L(\d+)\.H(\d+)$/.exec(given.get("head") ?? "");
    state.text = Number.isInteger(text) && text >= 1 && text <= T ? text - 1 : 0;
    state.head = head && +head[1] < L && +head[2] < H ? [+head[1], +head[2]] : null;
    state.mode = given.get("alone") || T === 1 ? "own" : "contrast";
  }

  function show() {
    showMaps(); showGrid(); showWaterfall(); showSheet();
    one("#text").value = String(state.text);
    all("input[name=mode]").forEach(input => { input.checked = input.value === state.mode; });
    one("#clear").hidden = state.head === null;
    remember();
  }

  const readout = one("#readout");
  function read(event) {
    const stack = event.target.closest("#maps .stack");
    if (!stack) return;
    const box = stack.getBoundingClientRect();
    const x = Math.floor((event.clientX - box.left) / box.width * R), y = Math.floor((event.clientY - box.top) / box.height * R);
    if (x < 0 || y < 0 || x >= R || y >= R) return;
    const text = all("#maps .stack").indexOf(stack), p = y * R + x, list = [];
    for (let l = 0; l < L; l++) for (let h = 0; h < H; h++) list.push([`L${l}.H${h}`, choose(patch(l, h, p), text)]);
    list.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    readout.textContent = `“${data.names[text]}”, patch in row ${y + 1}, column ${x + 1}: ${number(wholeMap(text)[p])}, most of it from `
      + list.slice(0, 3).map(([label, value]) => `${label} ${number(value)}`).join(", ");
  }
  one("#maps").addEventListener("pointermove", read);
  one("#maps").addEventListener("click", read);
  one("#text").addEventListener("change", event => { state.text = Number(event.target.value); show(); });
  all("input[name=mode]").forEach(input => input.addEventListener("change", () => { state.mode = input.value; show(); }));
  all("input[name=drawing]").forEach(input => input.addEventListener("change", () => root.classList.toggle("smoothed", input.value === "smoothed")));
  one("#strength").addEventListener("input", event => root.style.setProperty("--strength", event.target.value));
  const select = head => { state.head = head; show(); };
  one("#clear").addEventListener("click", () => select(null));
  one("#grid").addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    const head = button.dataset.head.split(",").map(Number);
    select(state.head && state.head.join() === head.join() ? null : head);
  });
  one("#grid").addEventListener("keydown", event => {
    const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key], button = event.target.closest("button");
    if (!step || !button) return;
    event.preventDefault();
    const [l, h] = button.dataset.head.split(",").map(Number);
    one(`#grid button[data-head="${Math.min(Math.max(l + step[0], 0), L - 1)},${Math.min(Math.max(h + step[1], 0), H - 1)}"]`).focus();
  });
  document.addEventListener("keydown", event => { if (event.key === "Escape" && state.head) select(null); });
  addEventListener("hashchange", () => { recall(); show(); });
  root.classList.add("scripted");
  recall();
  if (location.hash.length > 1) show();
})();
