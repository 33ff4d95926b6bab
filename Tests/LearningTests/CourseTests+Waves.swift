import Hashing
import Learning
import Models
import Testing

/// What a course wants when several robots perform at the same time.
extension CourseTests {
    private func course(_ method: Course.Settings.Method, robots: Int, episodes: Int = 26) throws -> Course {
        let course = try course(method, episodes: episodes)
        var settings = course.settings
        settings.robots = robots
        return try Course(checkpoint: course.checkpoint, settings)
    }

    /// Goes on until it is over, a wave at a time. Says how many were in each.
    private func fly(_ course: inout Course) throws -> [Int] {
        var troupe = Soloist(try Self.stage())
        var waves: [Int] = []
        while course.phase != .finished {
            let (wave, left) = (course.wave, course.settings.episodes - course.episodes)
            waves.append(wave.count)
            // A check is as long as what it is held against.
            #expect(wave.count == min(course.settings.robots, left) || course.phase == .check)
            for next in wave {
                let (performance, trace) = try performed(troupe.stage, next, course.settings.starts)
                let isTaken = course.take(performance, trace)
                #expect(isTaken, "it flew beside the others")
            }
            try course.advance(with: &troupe)
        }
        return waves
    }

    @Test("robots that are alike learn the bits of one, in as many waves as a robot flies episodes of theirs")
    func alike() throws {
        var (one, three) = (try course(.real, robots: 1, episodes: 18), try course(.real, robots: 3, episodes: 18))
        let (alone, together) = (try fly(&one), try fly(&three))
        #expect(alone == Array(repeating: 1, count: 18) && together == Array(repeating: 3, count: 6))
        #expect(one.checkpoint == three.checkpoint)
    }

    @Test("a batch has whole waves, so that robots weigh the same; only what is bought last may be fewer")
    func whole() throws {
        var course = try course(.real, robots: 4, episodes: 21)
        // Steps of six become eight.
        #expect(course.purchase?.episodes == 8)
        #expect(try fly(&course) == [4, 4, 4, 4, 4, 1] && course.episodes == 21)
    }

    @Test("rehearsals and checks go by waves as well; what nobody asked for is not taken")
    func asked() throws {
        var course = try course(.rehearse, robots: 4, episodes: 60)
        let waves = try fly(&course)
        #expect(course.episodes == 60 && waves.reduce(0, +) == 60 && waves.allSatisfy { $0 <= 4 })
        let wave = try self.course(.real, robots: 2).wave
        var other = try self.course(.real, robots: 2)
        #expect(wave.map(\.noise.episode) == [0, 1])
        let (performance, trace) = try performed(try Self.stage(), wave[1], other.settings.starts)
        let isTaken = other.take(performance, trace)
        #expect(!isTaken, "the first of a wave comes first")
    }
}
