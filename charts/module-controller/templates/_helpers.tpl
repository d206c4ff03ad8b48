{{- define "module-controller.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "module-controller.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := include "module-controller.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where bases send heartbeats. */}}
{{- define "module-controller.heartbeats" -}}
{{- printf "%s-heartbeats" (include "module-controller.fullname" . | trunc 52 | trimSuffix "-") }}
{{- end }}

{{/* Names outside the release's namespace: two releases must not share one. */}}
{{- define "module-controller.globalname" -}}
{{- printf "%s-%s" .Release.Namespace (include "module-controller.fullname" .) | trunc 253 | trimSuffix "-" }}
{{- end }}

{{- define "module-controller.selector" -}}
app.kubernetes.io/name: {{ include "module-controller.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "module-controller.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "module-controller.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "module-controller.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "module-controller.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "module-controller.identity" -}}
{{- default (printf "%s.%s.%s" (include "module-controller.fullname" .) .Release.Namespace .Values.env) .Values.identity }}
{{- end }}
