import Guard
import Ports
import Testing

@Suite("Roles")
struct RoleTests {
    private let rules = RoleRules(learners: 70, operators: 80)

    private func peer(_ user: UInt32, data: [UInt32], process: [UInt32]) -> PeerCredentials {
        PeerCredentials(process: 1, user: user, group: 1_000, processGroups: process, userGroups: data)
    }

    @Test("groups make roles, and nothing else does", arguments: [UInt32(0), 1, 1_000, .max])
    func groups(user: UInt32) {
        #expect(rules.roles(of: peer(user, data: [1_000], process: [])) == [.anyone])
        #expect(rules.roles(of: peer(user, data: [70], process: [70])) == [.anyone, .learner])
        #expect(rules.roles(of: peer(user, data: [80], process: [80])) == [.anyone, .operator])
    }

    @Test("who is in both groups only proposes: nobody approves what he proposed")
    func both() {
        #expect(rules.roles(of: peer(5, data: [70, 80], process: [70, 80])) == [.anyone, .learner])
    }

    @Test("a membership counts when the system's data and the process agree")
    func agree() {
        #expect(rules.roles(of: peer(0, data: [80], process: [])) == [.anyone])
        #expect(rules.roles(of: peer(0, data: [], process: [80])) == [.anyone])
    }

    @Test("a group that does not exist gives nobody anything")
    func missing() {
        let none = RoleRules(learners: nil, operators: nil)
        #expect(none.roles(of: peer(0, data: [0, 70, 80], process: [0, 70, 80])) == [.anyone])
    }
}

@Suite("States of plans")
struct PlanStateTests {
    @Test("nothing leaves a final state, and only what was approved runs")
    func order() {
        for state in PlanState.allCases {
            let next = PlanState.allCases.filter { state.mayBecome($0) }
            #expect(next.isEmpty == state.isFinal, "\(state)")
            #expect(!next.contains(.running) || state == .approved, "\(state)")
            #expect(!next.contains(.proposed), "\(state)")
        }
    }
}
