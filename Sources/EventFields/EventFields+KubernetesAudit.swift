import EventModel

extension EventFields {
    /// Fields of the k8saudit plugin: audit events of the Kubernetes API server, which no source here gives. Rules of the
    /// source `k8s_audit` load and are listed, and never match.
    static let kubernetesAudit = FieldClass(
        "k8saudit", "audit events of the Kubernetes API server; no source here gives them", eventSource: "k8s_audit"
    ) {
        auditRows
    }

    private static var auditRows: [FieldRow] {
        auditTable.split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 2)
            return FieldRow(
                unavailable: String(words.first ?? ""), .string, flags(of: words.count > 1 ? words[1] : ""),
                String(words.count > 2 ? words[2] : ""), eventSource: "k8s_audit"
            )
        }
    }

    private static func flags(of kind: Substring) -> FieldFlags {
        switch kind {
        case "list": .list
        case "indexedList": [.list, .argumentAllowed, .argumentIsIndex]
        case "key": .key
        default: []
        }
    }

    /// A field a line: name, kind (one text, a list, a list of which an index selects one, a text that a key selects),
    /// meaning (the place in the audit event).
    private static let auditTable = """
        ka.auditid text auditID
        ka.stage text stage
        ka.auth.decision text annotation authorization.k8s.io/decision
        ka.auth.reason text annotation authorization.k8s.io/reason
        ka.auth.openshift.decision text annotation authentication.openshift.io/decision
        ka.auth.openshift.username text annotation authentication.openshift.io/username
        ka.validations.admission.policy.failure text annotation validation.policy.admission.k8s.io/validation_failure
        ka.security.pod.violations text annotation pod-security.kubernetes.io/audit-violations
        ka.user.name text user.username
        ka.user.groups list user.groups
        ka.impuser.name text impersonatedUser.username
        ka.verb text verb
        ka.uri text requestURI
        ka.uri.param key first value of that query parameter
        ka.target.name text objectRef.name
        ka.target.namespace text objectRef.namespace
        ka.target.resource text objectRef.resource
        ka.target.subresource text objectRef.subresource
        ka.target.pod.name text pod name from the response, only for resource pods without subresource
        ka.req.binding.subjects list requestObject.subjects
        ka.req.binding.subjects.user_names list names of subjects of kind User
        ka.req.binding.subjects.serviceaccount_names list names of kind ServiceAccount
        ka.req.binding.subjects.serviceaccount_ns_names list namespace:name of kind ServiceAccount
        ka.req.binding.subjects.group_names list names of kind Group
        ka.req.binding.role text requestObject.roleRef.name
        ka.req.binding.subject.has_name key deprecated; always true
        ka.req.configmap.name text objectRef.name
        ka.req.configmap.obj text requestObject.data as JSON
        ka.req.pod.containers.name indexedList container names
        ka.req.pod.containers.image indexedList images
        ka.req.pod.containers.image.repository indexedList images without tag/digest
        ka.req.pod.containers.command indexedList commands, words joined by blanks
        ka.req.pod.containers.args indexedList arguments, words joined by blanks
        ka.req.pod.containers.host_port indexedList host ports
        ka.req.pod.containers.privileged indexedList securityContext.privileged
        ka.req.pod.containers.allow_privilege_escalation indexedList securityContext.allowPrivilegeEscalation
        ka.req.pod.containers.read_only_fs indexedList securityContext.readOnlyRootFilesystem
        ka.req.pod.containers.run_as_user indexedList securityContext.runAsUser
        ka.req.pod.containers.eff_run_as_user indexedList container's, else pod's runAsUser, else 0
        ka.req.pod.containers.run_as_group indexedList securityContext.runAsGroup
        ka.req.pod.containers.eff_run_as_group indexedList container's, else pod's runAsGroup, else 0
        ka.req.pod.containers.proc_mount indexedList securityContext.procMount
        ka.req.pod.containers.add_capabilities indexedList securityContext.capabilities.add
        ka.req.pod.initContainers.name indexedList of init containers: container names
        ka.req.pod.initContainers.image indexedList of init containers: images
        ka.req.pod.initContainers.image.repository indexedList of init containers: images without tag/digest
        ka.req.pod.initContainers.command indexedList of init containers: commands, words joined by blanks
        ka.req.pod.initContainers.args indexedList of init containers: arguments, words joined by blanks
        ka.req.pod.initContainers.host_port indexedList of init containers: host ports
        ka.req.pod.initContainers.privileged indexedList of init containers: securityContext.privileged
        ka.req.pod.initContainers.allow_privilege_escalation indexedList of init containers: securityContext.allowPrivilegeEscalation
        ka.req.pod.initContainers.read_only_fs indexedList of init containers: securityContext.readOnlyRootFilesystem
        ka.req.pod.initContainers.run_as_user indexedList of init containers: securityContext.runAsUser
        ka.req.pod.initContainers.eff_run_as_user indexedList of init containers: container's, else pod's runAsUser, else 0
        ka.req.pod.initContainers.run_as_group indexedList of init containers: securityContext.runAsGroup
        ka.req.pod.initContainers.eff_run_as_group indexedList of init containers: container's, else pod's runAsGroup, else 0
        ka.req.pod.initContainers.proc_mount indexedList of init containers: securityContext.procMount
        ka.req.pod.initContainers.add_capabilities indexedList of init containers: securityContext.capabilities.add
        ka.req.pod.ephemeralContainers.name indexedList of ephemeral containers: container names
        ka.req.pod.ephemeralContainers.image indexedList of ephemeral containers: images
        ka.req.pod.ephemeralContainers.image.repository indexedList of ephemeral containers: images without tag/digest
        ka.req.pod.ephemeralContainers.command indexedList of ephemeral containers: commands, words joined by blanks
        ka.req.pod.ephemeralContainers.args indexedList of ephemeral containers: arguments, words joined by blanks
        ka.req.pod.ephemeralContainers.privileged indexedList of ephemeral containers: securityContext.privileged
        ka.req.pod.ephemeralContainers.allow_privilege_escalation indexedList of ephemeral containers: securityContext.allowPrivilegeEscalation
        ka.req.pod.ephemeralContainers.read_only_fs indexedList of ephemeral containers: securityContext.readOnlyRootFilesystem
        ka.req.pod.ephemeralContainers.run_as_user indexedList of ephemeral containers: securityContext.runAsUser
        ka.req.pod.ephemeralContainers.eff_run_as_user indexedList of ephemeral containers: container's, else pod's runAsUser, else 0
        ka.req.pod.ephemeralContainers.run_as_group indexedList of ephemeral containers: securityContext.runAsGroup
        ka.req.pod.ephemeralContainers.eff_run_as_group indexedList of ephemeral containers: container's, else pod's runAsGroup, else 0
        ka.req.pod.ephemeralContainers.proc_mount indexedList of ephemeral containers: securityContext.procMount
        ka.req.pod.ephemeralContainers.add_capabilities indexedList of ephemeral containers: securityContext.capabilities.add
        ka.req.container.image text deprecated: first container's image
        ka.req.container.image.repository text deprecated: its repository
        ka.req.container.host_network text deprecated: spec.hostNetwork
        ka.req.container.privileged text deprecated: true if any container is privileged, else false
        ka.req.pod.host_ipc text spec.hostIPC
        ka.req.pod.host_network text spec.hostNetwork
        ka.req.pod.host_pid text spec.hostPID
        ka.req.pod.run_as_user text pod securityContext.runAsUser
        ka.req.pod.run_as_group text pod securityContext.runAsGroup
        ka.req.pod.fs_group text pod securityContext.fsGroup
        ka.req.pod.supplemental_groups list pod securityContext.supplementalGroups
        ka.req.role.rules list requestObject.rules
        ka.req.role.rules.apiGroups indexedList api groups
        ka.req.role.rules.nonResourceURLs indexedList non-resource URLs
        ka.req.role.rules.verbs indexedList verbs
        ka.req.role.rules.resources indexedList resources
        ka.req.service.type text spec.type
        ka.req.service.ports indexedList spec.ports as JSON
        ka.req.pod.volumes.hostpath indexedList host paths of volumes
        ka.req.volume.hostpath key deprecated: true/false whether a volume uses that path; trailing * = prefix
        ka.req.pod.volumes.flexvolume_driver indexedList flexVolume drivers
        ka.req.pod.volumes.volume_type indexedList volume kinds
        ka.resp.name text responseObject.metadata.name
        ka.response.code text responseStatus.code
        ka.response.reason text responseStatus.reason
        ka.useragent text userAgent
        ka.sourceips indexedList sourceIPs
        ka.cluster.name text annotation cluster_name
        """
}
