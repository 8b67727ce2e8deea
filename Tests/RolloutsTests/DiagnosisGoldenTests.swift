import Foundation
import MooringRollouts
import Testing

/// What is said of failures, word by word. `RECORD_SNAPSHOTS=1` writes the file anew.
@Suite struct DiagnosisGoldenTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Goldens/diagnosis.txt")

    private func text(of one: DiagnosisCases.Case) -> String {
        let diagnosis = Diagnosis.diagnose(one.symptoms)
        let evidence = diagnosis.evidence.map { "  > \($0)" }
        return
            (["## \(one.name)", "\(diagnosis.cause.rawValue): \(diagnosis.sentence)", "  \(diagnosis.remedy)"]
            + evidence).joined(separator: "\n")
    }

    @Test func `every cause is told in words that do not change by accident`() throws {
        let told = DiagnosisCases.all.map(text(of:)).joined(separator: "\n\n") + "\n"
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try told.write(to: DiagnosisGoldenTests.file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: DiagnosisGoldenTests.file, encoding: .utf8)
        #expect(told == golden, "differs from Goldens/diagnosis.txt; RECORD_SNAPSHOTS=1 writes it anew")
    }

    @Test func `every cause has a case`() {
        let shown = Set(DiagnosisCases.all.map { Diagnosis.diagnose($0.symptoms).cause })
        #expect(Cause.allCases.filter { !shown.contains($0) } == [])
    }

    @Test func `no case shows a secret, and all keep the bounds`() {
        for one in DiagnosisCases.all {
            let diagnosis = Diagnosis.diagnose(one.symptoms)
            let texts = [diagnosis.sentence, diagnosis.remedy] + diagnosis.evidence
            #expect(!texts.joined().contains("hunter2"), "\(one.name)")
            #expect(diagnosis.evidence.count <= 5 && diagnosis.evidence.allSatisfy { $0.count <= 300 }, "\(one.name)")
            // A quotation may have been cut.
            #expect([".", "…"].contains(diagnosis.sentence.suffix(1)), "\(one.name)")
            #expect(diagnosis.remedy.hasSuffix("."), "\(one.name)")
        }
    }
}
