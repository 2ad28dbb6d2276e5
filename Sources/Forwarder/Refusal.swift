/// Whether a 4xx is about the sender rather than about the alert. What its operator can mend, such as a certificate or a
/// token that has run out or a wrong path, must not cost alerts: they are sent again until it is mended.
enum Refusal {
    /// 401, 403, 404 and 407 (RFC 9110, section 15.5); 495 and 496 are nginx's for the client's certificate.
    private static let senderStatuses: Set<Int> = [401, 403, 404, 407, 495, 496]
    /// What nginx says with status 400 unless `error_page` changes that (ngx_http_special_response.c).
    private static let certificateTexts = ["The SSL certificate error", "No required SSL certificate was sent"]

    /// Whether the answer is about the sender.
    static func isAboutSender(_ status: Int, answer: [UInt8]) -> Bool {
        if senderStatuses.contains(status) { return true }
        guard status == 400 else { return false }
        let text = String(decoding: answer, as: UTF8.self)
        return certificateTexts.contains { text.firstRange(of: $0) != nil }
    }
}
