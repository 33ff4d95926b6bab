import LedgerSamples
import Quantities
import Testing

@testable import Episodes

extension CanonicalTests {
    @Test("how a band was widened is a part of the identity, and a dossier without it has the bytes that it always had")
    func widening() throws {
        let widening = BandWidening(most: [Radians(0.25), Radians(1)], flights: 7, left: 1)
        let plain = try Samples.proposal()
        let widened = try Samples.widened(widening)
        #expect(plain.dossier.version == 1 && widened.dossier.version == 2)
        #expect(widened.canonicalBytes.count == plain.canonicalBytes.count + 20)
        var hashes: Set<String> = [plain.digest.text, widened.digest.text]
        for other in [
            BandWidening(most: [Radians(0.25), Radians(1.5)], flights: 7, left: 1),
            BandWidening(most: widening.most, flights: 8, left: 1),
            BandWidening(most: widening.most, flights: 7, left: 2),
        ] {
            let proposal = try Samples.widened(other)
            #expect(hashes.insert(proposal.digest.text).inserted)
            #expect(try Proposal(canonical: proposal.canonicalBytes) == proposal)
        }
        // As the first version it says nothing of it, and a third is not known.
        let start = try Samples.plan().canonicalBytes.count + 4 + Proposal.kind.utf8.count + 2
        let version = start + 4 + Dossier.kind.utf8.count
        var bytes = widened.canonicalBytes
        #expect(bytes[version] == 2)
        bytes[version] = 1
        #expect(throws: CanonicalError(position: bytes.count - 20, problem: .trailing(20))) {
            try Proposal(canonical: bytes)
        }
        bytes[version] = 3
        #expect(throws: CanonicalError(position: version, problem: .otherVersion(3, known: 2))) {
            try Proposal(canonical: bytes)
        }
    }
}
