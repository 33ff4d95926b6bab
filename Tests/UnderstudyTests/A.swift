import Testing
@testable import understudy
