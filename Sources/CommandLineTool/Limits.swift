/// The bounds of this module, each with its reason.
enum Limits {
    /// Commits whose notes are read to say how an environment stands: as many as the controller keeps reports of.
    static let notesOfStatus = 50

    /// Files below a folder that is read from the disk: as many as are read from git.
    static let folderFiles = 10_000

    /// Bytes of all of them.
    static let folderBytes = 128 << 20

    /// Folders within folders: as deep as git's trees are read.
    static let folderDepth = 64

    /// Bytes of a scenario for the local ECS.
    static let scenarioBytes = 1 << 20

    /// Pages of a hundred services that are listed: twice as many as AWS lets a cluster have.
    static let listedPages = 100

    /// Services of one DescribeServices. Source: API reference, "You may specify up to 10 services".
    static let servicesPerDescribe = 10

    /// Files named in one message; more than these nobody reads.
    static let namedFiles = 5

    /// Environments named in one message: as many as a person pastes into one command.
    static let namedEnvironments = 20
}
