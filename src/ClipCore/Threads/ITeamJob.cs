namespace ClipCore.Threads;

/// <summary>Work that a team does together: members call <see cref="Run"/> and take items until none is left.</summary>
interface ITeamJob
{
    /// <param name="member">Which member of the team runs, 0 to team size − 1: the index of its scratch memory.</param>
    void Run(int member);
}
