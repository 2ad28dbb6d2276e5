/// What an HTTP status means for the alerts of the request (RFC 9110, section 15).
enum AnswerMeaning: Equatable {
    /// The receiver has them.
    case taken
    /// The receiver will never take them as they are.
    case refused
    /// Something else than the alerts is at fault; they are sent again. What a person has to mend, where it is known.
    case later(hint: String?)

    /// What nginx says with the status 400 unless `error_page` changes that (ngx_http_special_response.c).
    private static let certificateTexts = ["The SSL certificate error", "No required SSL certificate was sent"]

    /// Only a status that speaks of the body refuses it. Wrong credentials, a wrong path, a receiver that is being moved: a
    /// person mends those, and the alerts are still good then.
    init(status: Int, answer: [UInt8] = []) {
        switch status {
        case 200..<300: self = .taken
        case 401: self = .later(hint: "check the token or the client certificate")
        case 403: self = .later(hint: "the receiver knows these credentials and does not allow this")
        case 404, 410: self = .later(hint: "check the path of the URL")
        case 405: self = .later(hint: "check the URL: the receiver takes no POST there")
        case 407: self = .later(hint: "the proxy wants credentials")
        // 495 and 496 are nginx's own.
        case 495, 496: self = .later(hint: "check the client certificate")
        case 400 where Self.certificateTexts.contains(where: String(decoding: answer, as: UTF8.self).contains):
            self = .later(hint: "check the client certificate")
        case 402, 408, 421, 423, 425, 429, 451: self = .later(hint: nil)
        case 400..<500: self = .refused
        default: self = .later(hint: nil)
        }
    }
}
