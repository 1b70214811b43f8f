export * from "./message.ts";
export * from "./samples-frame.ts";
