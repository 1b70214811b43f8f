export { httpConnector } from "./http-source.ts";
