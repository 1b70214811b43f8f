export { startMqttPublisher, type MqttPublisher, type MqttPublisherOptions } from "./mqtt-publisher.ts";
export { publishOnce, type OneBroker } from "./publish-once.ts";
