{{- define "shrike.name" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "shrike.selectorLabels" -}}
app.kubernetes.io/name: shrike
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "shrike.labels" -}}
{{ include "shrike.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* The configuration file: what the chart needs, over the user's keys. */}}
{{- define "shrike.configuration" -}}
{{- $rules := list }}
{{- if .Values.rules.default }}{{ $rules = append $rules "/usr/share/shrike/rules" }}{{ end }}
{{- if .Values.rules.files }}{{ $rules = append $rules "/etc/shrike/rules.d" }}{{ end }}
{{- $defaults := dict "json_output" true "stdout_output" (dict "enabled" true) }}
{{- $shrike := dict "host_root" "/host" "state_directory" "/var/lib/shrike" "sources" (ternary (list "audit" "connector" "scan") (list .Values.sources) (eq .Values.sources "audit")) }}
{{- if .Values.outputs }}{{ $_ := set $shrike "outputs" .Values.outputs }}{{ end }}
{{- $ours := dict "rules_files" $rules "shrike" $shrike }}
{{- if .Values.metrics.enabled }}
{{- $_ := set $ours "webserver" (dict "enabled" true "listen_address" "::" "listen_port" .Values.metrics.port "prometheus_metrics_enabled" true) }}
{{- end }}
{{- mergeOverwrite $defaults (deepCopy .Values.config) $ours | toYaml }}
{{- end }}
