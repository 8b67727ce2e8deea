extension Timestamp {
    /// How people write points in time, for sentences.
    package static let howWritten = "Times are written as 2026-12-20T18:00:00Z, 2026-12-20T18:00Z or 2026-12-20."

    /// A point in time as people write it, in UTC or with an offset; a date means its first moment in UTC.
    ///
    /// - Returns: nil where the text is no such time.
    package init?(written text: String) {
        let bytes = text.utf8
        if bytes.count == 10 {
            self.init(iso8601: text + "T00:00:00Z")
        } else if Timestamp(iso8601: text) != nil {
            self.init(iso8601: text)
        } else {
            // Without seconds: they belong behind the minutes.
            guard bytes.count > 16,
                let minutes = text.index(text.startIndex, offsetBy: 16, limitedBy: text.endIndex)
            else { return nil }
            self.init(iso8601: text[..<minutes] + ":00" + text[minutes...])
        }
    }
}
