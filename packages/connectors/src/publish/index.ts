export { startMqttPublisher, type MqttPublisher, type MqttPublisherOptions } from "./mqtt-publisher.ts";
