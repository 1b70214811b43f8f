export {
  createPushSource,
  enteredConnector,
  pushConnector,
  type PushAnswer,
  type PushOptions,
  type PushedValue,
  type PushSource,
  type PushSourceOptions,
} from "./push-source.ts";
