export { filesOfComponent, openComponents } from "./open-components.ts";
