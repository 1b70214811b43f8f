export { kpiFold as default } from "@doppelwerk/operations";
