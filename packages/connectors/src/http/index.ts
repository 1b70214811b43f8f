export { httpConnector } from "./http-source.ts";
export { checkedLookup, forbidden, GuardedClient, type Answer } from "./guarded-client.ts";
