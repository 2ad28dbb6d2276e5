import EventModel
import Outputs
import Spool
import Testing

@testable import Forwarder
