export { flowFold as default } from "@doppelwerk/operations";
