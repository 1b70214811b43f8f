export { alarmFold as default } from "@doppelwerk/operations";
