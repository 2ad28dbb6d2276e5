import Forwarder
import Glibc

// The process that delivers alerts over the network. A running shrike starts it; it is nothing for users.
exit(ForwarderRun.run())
