export { mqttConnector } from "./mqtt-source.ts";
export { parseTemplate, type TopicTemplate } from "./topic-template.ts";
