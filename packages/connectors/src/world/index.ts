export { worldConnector } from "./world-source.ts";
export { clientOfWorld, octetsOfWorld, readWorldAddress, type WorldAddress } from "./world-address.ts";
