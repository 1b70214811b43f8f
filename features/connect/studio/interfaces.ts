/** Interfaces of every server, with the page of the guide that describes each; `open`: what a browser can look at. */
export const INTERFACES = [
  { name: "aas", path: "/api/v3", guide: "aas-api", open: "/api/v3/description" },
  { name: "own", path: "/api/doppelwerk/v1", guide: "operations", open: "/openapi.json" },
  { name: "live", path: "/ws", guide: "live-protocol" },
  { name: "files", path: "/api/doppelwerk/v1/export/samples", guide: "history" },
  { name: "metrics", path: "/metrics", guide: "operations", open: "/metrics" },
] as const;

/** Interfaces that a start of the server adds. */
export const BY_OPTION = [
  { name: "mqtt", option: "--publish mqtts://broker:8883", guide: "unified-namespace" },
  { name: "opcua", option: "--opcua-port 4841", guide: "unified-namespace" },
  { name: "mcp", option: "doppelwerk mcp", guide: "assistant" },
] as const;
