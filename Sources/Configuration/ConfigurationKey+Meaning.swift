extension ConfigurationKey {
    /// What each key that has an effect means, in a sentence, by its path: for the schema.
    static let meanings: [String: String] = [
        "config_files": "Further configuration files or directories, merged in order: a path, or path and strategy.",
        "watch_config_files": "Take changed configuration and rules files over while running.",
        "rules_files": "Rules files and directories, in order; unset: the rules that are built in.",
        "rules_file": "The old name of rules_files.",
        "rules": "Enables and disables rules by name or tag, in order.",
        "priority": "Rules less severe than this are not used.",
        "rule_matching":
            "Whether an event raises the alert of the first matching rule, of the most severe one (severest), or of all.",
        "append_output": "Additions to the outputs of rules.",
        "static_fields": "Fields static.NAME with a constant text.",
        "json_output": "Alerts as JSON objects instead of lines of text.",
        "json_include_output_property": "JSON: the complete text line as output.",
        "json_include_message_property": "JSON: the text without time and priority as message.",
        "json_include_output_fields_property": "JSON: the fields as output_fields.",
        "json_include_tags_property": "JSON: the rule's tags as tags.",
        "time_format_iso_8601": "Date and time in UTC instead of the local time of day.",
        "buffer_format_base64": "Byte buffers in base64 instead of printable characters.",
        "buffered_outputs": "Lines wait until a buffer is full.",
        "outputs_queue.capacity":
            "Most alerts that wait for the reader of an output; the least severe are dropped first. 0: as many as fit in 8 MiB.",
        "output_timeout": "Milliseconds after which a reader that takes no alerts is told of.",
        "stdout_output.enabled": "Alerts to standard output; unset: where no other output is enabled.",
        "syslog_output.enabled": "Alerts to the node's syslog.",
        "syslog_output.format": "The form of messages: as syslog(3) sends them, or that of RFC 5424.",
        "file_output.enabled": "Alerts to a file.",
        "file_output.filename": "The file.",
        "file_output.keep_alive": "Keep the file open between alerts.",
        "program_output.enabled": "Alerts to a program.",
        "program_output.program": "The shell command.",
        "program_output.keep_alive": "Keep the program running between alerts.",
        "http_output.enabled": "Alerts to a webhook.",
        "http_output.url": "The webhook, http or https.",
        "http_output.user_agent": "The User-Agent of requests.",
        "http_output.insecure": "Do not check the receiver's certificate.",
        "http_output.ca_cert": "A file with the certificate to trust; comes before ca_bundle.",
        "http_output.ca_bundle": "A file with the certificates to trust.",
        "http_output.ca_path": "A directory of hashed certificates to trust.",
        "http_output.mtls": "Present a client certificate.",
        "http_output.client_cert": "The client's certificate.",
        "http_output.client_key": "The key of the client's certificate.",
        "http_output.echo": "Write answers' bodies to standard output.",
        "http_output.compress_uploads": "Pack requests with gzip.",
        "http_output.keep_alive": "Keep the connection for the next request.",
        "http_output.max_consecutive_timeouts": "Time-outs in a row that are not worth a word.",
        "webserver.enabled": "Serve health, versions and metrics over HTTP.",
        "webserver.listen_port": "The port; without effect for a unix socket.",
        "webserver.listen_address": "An IP address in numbers, or unix:/path.",
        "webserver.k8s_healthz_endpoint": "The path at which health is served.",
        "webserver.prometheus_metrics_enabled": "Serve metrics for Prometheus at /metrics.",
        "webserver.ssl_enabled": "Must be false: the health server speaks plain HTTP.",
        "metrics.enabled": "Raise an alert with metrics from time to time.",
        "metrics.interval": "The time between two: seconds, or numbers with ms, s, m, h, d, w or y, as 1h30m.",
        "metrics.output_rule": "The snapshot is an alert; false: there is none.",
        "metrics.rules_counters_enabled": "With matches by rule.",
        "metrics.resource_utilization_enabled": "With CPU and memory.",
        "metrics.state_counters_enabled": "With sizes of the tables of processes, descriptors, containers.",
        "metrics.kernel_event_counters_enabled": "With events and losses by source.",
        "metrics.convert_memory_to_mb": "Memory in MB instead of bytes.",
        "metrics.include_empty_values": "Also values that are zero.",
        "log_level": "Remarks less severe than this are not logged.",
        "shrike.sources": "Which event sources to use: auto, or their names.",
        "shrike.ebpf.ring_mib":
            "MiB of the ring buffer between the eBPF programs and Shrike, rounded up to a power of two.",
        "shrike.ebpf.values":
            "Names, users, ports and files in the kernel's filter; rules can take half, a reload needs the other.",
        "shrike.ebpf.prefixes": "Beginnings of names, and networks, in the kernel's filter; rules can take half.",
        "shrike.ebpf.files": "Most files named by rules that are also known under other names, by inode.",
        "shrike.ebpf.control_groups": "Control groups whose events are counted apart in the kernel.",
        "shrike.ebpf.ring_operations": "Operations of io_uring whose names are kept until their end.",
        "shrike.ebpf.call_sets":
            "Control groups whose system calls and capabilities are noted in the kernel, for profiles; 0: none.",
        "shrike.ebpf.function_hooks":
            "Hang programs on the functions of the system calls that rules ask for, where the kernel takes that: others cost nothing.",
        "shrike.ebpf.group_rate":
            "Events a second that one control group may send; what is more is held back and told of. 0: no limit.",
        "shrike.ebpf.group_burst": "Most events of a control group at once.",
        "shrike.audit_log.path": "The log that the source audit-log follows.",
        "shrike.proc.poll_interval_ms":
            "Milliseconds between two scans of /proc where nothing else tells of processes.",
        "shrike.limits.processes": "Most processes kept in the process table.",
        "shrike.limits.cpu_percent":
            "Processor time of the sensor, in percent of one processor; above it the least valuable is not watched.",
        "shrike.limits.memory_mib":
            "Memory of the sensor in MiB; above it tables shrink and the least valuable is not watched.",
        "shrike.outputs": "Webhooks and syslog servers, each with its own form and filter.",
        "shrike.spool.path": "The file in which alerts wait for the network outputs.",
        "shrike.spool.max_bytes": "Most bytes of alerts in it.",
        "shrike.spool.max_age": "When an undelivered alert is given up: seconds, or a number with s, m, h or d.",
        "shrike.incidents.window":
            "An alert joins the incident of its process tree if the last one was no longer ago than this; 0: no incidents.",
        "shrike.repeats.window":
            "How long repeats of an alert are counted before an alert tells their number; 0: each is sent.",
        "shrike.repeats.fields": "Output fields in which repeats are equal; empty: all that tell what happened.",
        "shrike.repeats.max_keys": "Most different alerts that are remembered; beyond it the oldest is told of early.",
        "shrike.repeats.overrides":
            "Other windows and fields for some rules, tags or priorities; the first that fits counts.",
        "shrike.rate_limit.per_rule": "Alerts of a rule in an interval; 0: no limit.",
        "shrike.rate_limit.interval": "The interval, and how often is told of what was held back.",
        "shrike.rate_limit.burst": "Most alerts of a rule at once; 0: as many as in an interval.",
        "shrike.rate_limit.overrides": "Other limits for some rules, tags or priorities; the first that fits counts.",
        "outputs.rate": "Falco's old limit, here for each rule: alerts a second; 0: no limit.",
        "outputs.max_burst": "Most alerts at once with outputs.rate.",
        "shrike.audit.hiding_rules":
            "Audit rules of others that hide events (never,task, never,filesystem, exclude): remove takes them out, tell leaves them.",
        "shrike.learning.enabled": "Learn what each workload does, and tell what is new.",
        "shrike.learning.directory": "Where profiles are kept, an absolute path.",
        "shrike.learning.public_key":
            "A file with the key by which frozen profiles must be signed; empty: they need not be.",
        "shrike.learning.rules":
            "Which built-in rules about something new are used: none, quiet, middle or eager. What they ask for is learned.",
        "shrike.learning.workloads_by":
            "What workloads are told apart by: kubernetes, container, unit, program. What is left out is not learned.",
        "shrike.learning.window": "What is seen again within this time counts once.",
        "shrike.learning.unseen_percent":
            "Something new is told when the chance of it is at most this, by what was seen so far.",
        "shrike.learning.whole_day": "Tell something new only in hours of the day that were seen before.",
        "shrike.learning.start_runs": "Runs of a workload that must have begun before news at a run's start are told.",
        "shrike.learning.repeat": "For how long what was told and not approved is not told again.",
        "shrike.learning.quarantine_priority":
            "What a process does that raised an alert of this priority or a more severe one is not learned.",
        "shrike.learning.patterns":
            "Paths that stand for one file each: * is any part of a name, ** any directories, at the end all below.",
        "shrike.learning.shapes":
            "Which parts of names are generalised: pid, uuid, date, hash, random, number.",
        "shrike.learning.workloads": "Most workloads with a profile.",
        "shrike.learning.behaviours": "Most behaviours of one kind in a profile.",
        "shrike.learning.memory_mib":
            "What profiles may take in memory; beyond, those that were not seen for longest give way, and stay on disk.",
        "shrike.learning.disk_mib":
            "What profiles may take on disk; beyond, those that were not written for longest are removed.",
        "shrike.learning.save_interval": "How often changed profiles are written.",
        "shrike.host_root": "Where the host's root directory is mounted, e.g. /host in a container.",
        "shrike.rules_tests":
            "Files of rule tests, or directories of them, that changed rules must pass before they are taken over.",
        "shrike.sandbox": "Confine the sensor to the system calls that it needs.",
        "shrike.state_directory":
            "A directory for the record of when this node was watched; empty: the service manager's, if there is one.",
    ]
}
