/// The names of record types, both ways.
struct RecordTypeNames: Sendable {
    static let shared = RecordTypeNames()

    /// Sorted by packed name, for the search by bytes.
    private let packedNames: [UInt64]
    private let packedTypes: [UInt16]
    private let nameByType: [UInt16: String]

    private init() {
        var names: [UInt16: String] = [:]
        var number: UInt16 = 0
        for word in Self.table.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if let first = UInt16(word) {
                number = first
            } else {
                names[number] = String(word)
                number += 1
            }
        }
        nameByType = names
        let packed = names.map { (Self.pack($1), $0) }.sorted { $0.0 < $1.0 }
        packedNames = packed.map(\.0)
        packedTypes = packed.map(\.1)
    }

    func name(of type: RecordType) -> String? { nameByType[type.rawValue] }

    /// The type that the bytes name; nil when they name none.
    func type(_ text: Span<UInt8>, _ range: Range<Int>) -> RecordType? {
        guard !range.isEmpty else { return nil }
        if text[range.lowerBound] &- 0x30 < 10 { return number(text, range) }
        var packed: UInt64 = 0
        for index in range { packed = FieldName.packing(packed, text[index]) }
        var low = 0
        var high = packedNames.count
        while low < high {
            let middle = (low &+ high) / 2
            if packedNames[middle] < packed { low = middle &+ 1 } else { high = middle }
        }
        if low < packedNames.count, packedNames[low] == packed { return RecordType(rawValue: packedTypes[low]) }
        return unknown(text, range)
    }

    /// `UNKNOWN[1334]`: how auditd writes a type that is newer than itself.
    private func unknown(_ text: Span<UInt8>, _ range: Range<Int>) -> RecordType? {
        let prefix: StaticString = "UNKNOWN["
        guard range.count > prefix.utf8CodeUnitCount, text[range.upperBound &- 1] == 0x5d else { return nil }
        for index in 0..<prefix.utf8CodeUnitCount
        where text[range.lowerBound &+ index] != prefix.utf8Start[index] { return nil }
        return number(text, range.lowerBound &+ prefix.utf8CodeUnitCount..<range.upperBound &- 1)
    }

    private func number(_ text: Span<UInt8>, _ range: Range<Int>) -> RecordType? {
        var value: UInt32 = 0
        for index in range {
            let digit = text[index] &- 0x30
            guard digit < 10, value < 10_000 else { return nil }
            value = value * 10 + UInt32(digit)
        }
        return range.isEmpty ? nil : UInt16(exactly: value).map(RecordType.init(rawValue:))
    }

    private static func pack(_ name: String) -> UInt64 { name.utf8.reduce(0) { FieldName.packing($0, $1) } }

    /// The names that auditd writes (libaudit's `audit_msg_type_to_name`, and linux/audit.h for newer ones): a number,
    /// then the names of that type and the ones that follow it.
    private static let table = """
        1005 USER LOGIN
        1100 USER_AUTH USER_ACCT USER_MGMT CRED_ACQ CRED_DISP USER_START USER_END USER_AVC USER_CHAUTHTOK
        USER_ERR CRED_REFR USYS_CONFIG USER_LOGIN USER_LOGOUT ADD_USER DEL_USER ADD_GROUP DEL_GROUP
        DAC_CHECK CHGRP_ID TEST TRUSTED_APP USER_SELINUX_ERR USER_CMD USER_TTY CHUSER_ID GRP_AUTH
        SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL SERVICE_START SERVICE_STOP GRP_MGMT GRP_CHAUTHTOK
        MAC_CHECK ACCT_LOCK ACCT_UNLOCK USER_DEVICE SOFTWARE_UPDATE
        1200 DAEMON_START DAEMON_END DAEMON_ABORT DAEMON_CONFIG
        1205 DAEMON_ROTATE DAEMON_RESUME DAEMON_ACCEPT DAEMON_CLOSE DAEMON_ERR
        1300 SYSCALL
        1302 PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD
        1309 EXECVE
        1311 IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID TTY EOE
        BPRM_FCAPS CAPSET MMAP NETFILTER_PKT NETFILTER_CFG SECCOMP PROCTITLE FEATURE_CHANGE
        1330 KERN_MODULE FANOTIFY TIME_INJOFFSET TIME_ADJNTPVAL BPF EVENT_LISTENER URINGOP OPENAT2 DM_CTRL
        DM_EVENT
        1400 AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE MAC_UNLBL_ALLOW
        MAC_CIPSOV4_ADD MAC_CIPSOV4_DEL MAC_MAP_ADD MAC_MAP_DEL MAC_IPSEC_ADDSA MAC_IPSEC_DELSA
        MAC_IPSEC_ADDSPD MAC_IPSEC_DELSPD MAC_IPSEC_EVENT MAC_UNLBL_STCADD MAC_UNLBL_STCDEL MAC_CALIPSO_ADD
        MAC_CALIPSO_DEL MAC_TASK_CONTEXTS MAC_OBJ_CONTEXTS
        1500 APPARMOR APPARMOR_AUDIT APPARMOR_ALLOWED APPARMOR_DENIED APPARMOR_HINT APPARMOR_STATUS
        APPARMOR_ERROR APPARMOR_KILL
        1700 ANOM_PROMISCUOUS ANOM_ABEND ANOM_LINK ANOM_CREAT
        1800 INTEGRITY_DATA INTEGRITY_METADATA INTEGRITY_STATUS INTEGRITY_HASH INTEGRITY_PCR INTEGRITY_RULE
        INTEGRITY_EVM_XATTR INTEGRITY_POLICY_RULE INTEGRITY_USERSPACE
        2000 KERNEL
        2100 ANOM_LOGIN_FAILURES ANOM_LOGIN_TIME ANOM_LOGIN_SESSIONS ANOM_LOGIN_ACCT ANOM_LOGIN_LOCATION
        ANOM_MAX_DAC ANOM_MAX_MAC ANOM_AMTU_FAIL ANOM_RBAC_FAIL ANOM_RBAC_INTEGRITY_FAIL ANOM_CRYPTO_FAIL
        ANOM_ACCESS_FS ANOM_EXEC ANOM_MK_EXEC ANOM_ADD_ACCT ANOM_DEL_ACCT ANOM_MOD_ACCT ANOM_ROOT_TRANS
        ANOM_LOGIN_SERVICE ANOM_LOGIN_ROOT ANOM_ORIGIN_FAILURES ANOM_SESSION
        2200 RESP_ANOMALY RESP_ALERT RESP_KILL_PROC RESP_TERM_ACCESS RESP_ACCT_REMOTE RESP_ACCT_LOCK_TIMED
        RESP_ACCT_UNLOCK_TIMED RESP_ACCT_LOCK RESP_TERM_LOCK RESP_SEBOOL RESP_EXEC RESP_SINGLE RESP_HALT
        RESP_ORIGIN_BLOCK RESP_ORIGIN_BLOCK_TIMED RESP_ORIGIN_UNBLOCK_TIMED
        2300 USER_ROLE_CHANGE ROLE_ASSIGN ROLE_REMOVE LABEL_OVERRIDE LABEL_LEVEL_CHANGE USER_LABELED_EXPORT
        USER_UNLABELED_EXPORT DEV_ALLOC DEV_DEALLOC FS_RELABEL USER_MAC_POLICY_LOAD ROLE_MODIFY
        USER_MAC_CONFIG_CHANGE USER_MAC_STATUS
        2400 CRYPTO_TEST_USER CRYPTO_PARAM_CHANGE_USER CRYPTO_LOGIN CRYPTO_LOGOUT CRYPTO_KEY_USER
        CRYPTO_FAILURE_USER CRYPTO_REPLAY_USER CRYPTO_SESSION CRYPTO_IKE_SA CRYPTO_IPSEC_SA
        2500 VIRT_CONTROL VIRT_RESOURCE VIRT_MACHINE_ID VIRT_INTEGRITY_CHECK VIRT_CREATE VIRT_DESTROY
        VIRT_MIGRATE_IN VIRT_MIGRATE_OUT
        """
}
