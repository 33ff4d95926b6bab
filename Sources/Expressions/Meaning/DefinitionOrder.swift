/// Definitions in an order in which each comes after those it uses.
struct DefinitionOrder {
    /// Positions in the list of definitions, without those of cycles and what depends on them.
    private(set) var order: [Int] = []
    /// Each cycle once, as positions; the first one needs the second, the last one the first.
    private(set) var cycles: [[Int]] = []

    /// `uses` has for each definition the positions of those it names.
    init(uses: [[Int]]) {
        var waiting = uses.map { Set($0).count }
        var users = [[Int]](repeating: [], count: uses.count)
        for (user, used) in uses.enumerated() {
            for definition in Set(used).sorted() { users[definition].append(user) }
        }
        order = waiting.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for user in users[order[next]] {
                waiting[user] -= 1
                if waiting[user] == 0 { order.append(user) }
            }
            next += 1
        }
        findCycles(uses, waiting)
    }

    /// Whoever still waits is in a cycle or leads into one: following what it waits for ends in a circle.
    private mutating func findCycles(_ uses: [[Int]], _ waiting: [Int]) {
        var visited = [Bool](repeating: false, count: uses.count)
        for start in uses.indices where waiting[start] > 0 && !visited[start] {
            var path: [Int] = []
            var at = start
            while !visited[at] {
                visited[at] = true
                path.append(at)
                guard let next = uses[at].first(where: { waiting[$0] > 0 }) else { break }
                at = next
            }
            if let entry = path.firstIndex(of: at), path.count > 1 || uses[at].contains(at) {
                cycles.append(Array(path[entry...]))
            }
        }
    }
}
