export { worldConnector } from "./world-source.ts";
export { clientOfWorld, readWorldAddress, type WorldAddress } from "./world-address.ts";
