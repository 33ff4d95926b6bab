import BoardLink
import Testing

@Suite struct LinkLayoutTests {
    /// When this fails, the layout of a message has changed: every board needs new firmware. Say so in the changelog.
    @Test("the layout is the one that boards in the field have") func golden() {
        #expect(LinkLayout.ofThisBuild() == LinkLayout(protocolVersion: 1, hash: 0xE9D1_3046))
    }

    private let ours = LinkLayout(protocolVersion: 1, hash: 7)

    @Test("equal layouts talk") func equal() { #expect(ours.refusal(of: ours) == nil) }

    @Test("another version is refused by number, whatever the hash", arguments: [6, 7] as [UInt32])
    func version(hash: UInt32) {
        let theirs = LinkLayout(protocolVersion: 2, hash: hash)
        #expect(ours.refusal(of: theirs) == .protocolVersion(ours: 1, theirs: 2))
    }

    @Test("another hash is refused") func hash() {
        #expect(ours.refusal(of: LinkLayout(protocolVersion: 1, hash: 8)) == .layout(ours: 7, theirs: 8))
    }
}
