/// The bounds of this module, each with its reason.
package enum Limits {
    /// GitHub's bound of a status description; the narrowest among the hosts.
    package static let summaryCharacters = 140

    /// From here on a word is shortened where there is no room: `…/web:v3` for an image and its registry.
    static let shortWord = 30

    /// Characters of a name that a status tells beside what it is about: two of them leave room for that.
    static let otherNameCharacters = 28

    /// Bytes of one note. A commit that touches all 5,000 services of a cluster fills about this much; git hosts show notes
    /// on a page, and readers stop at 1 MiB.
    package static let noteBytes = 768 << 10

    /// Bytes of a note that is read. Larger ones are not ours.
    package static let readNoteBytes = 1 << 20

    /// Anchors and aliases in a note that is read. We write none; a few may come from a person's hand, and so few cannot
    /// grow into a tree that fills the memory.
    package static let noteAliases = 16

    /// Values in a note that is read: fifteen for each of 5,000 services, with room.
    package static let noteValues = 200_000

    /// Deepest nesting in a note that is read. Ours has four levels.
    package static let noteDepth = 32

    /// Characters of one cause, remedy or finding in a note. ECS's longest reasons have some 600.
    package static let noteTextCharacters = 1_000

    /// ECS's own words kept per service: a rollout's reason, its newest events and its stopped tasks.
    package static let noteEvidenceLines = 12

    /// Findings kept in a note; whoever has more of them runs `mooring validate`.
    package static let noteFindings = 100

    /// Bytes of a text that stood in the place of our note and is kept beside what we write.
    package static let foreignNoteBytes = 4 << 10

    /// Characters of a value in a plan for people; a longer one is shortened in its middle.
    package static let shownValueCharacters = 120

    /// Lines of changed members shown per service. Past it the number of the others is said.
    package static let shownChanges = 200

    /// Characters of a list or an object that is shown on one line; a longer one is shown by its elements.
    static let inlineCharacters = 60

    /// Lines about one member; the number of the others is said.
    static let shownElements = 12

    /// Elements of a list that are compared one by one. The comparison takes the product of both lengths at worst.
    static let comparedElements = 200

    /// Lines of what a service that is created will be.
    static let createdLines = 12

    /// Bytes of a plan in Markdown. GitHub takes 65,536 characters in a comment, and whoever posts it adds a few of their own.
    package static let markdownBytes = 60_000

    /// Bytes kept free for the sentence that says what is not shown.
    static let markdownEndBytes = 200

    /// Findings in a plan as Markdown; the check has all of them.
    static let markdownFindings = 20
}
