// The fold of the past in this browser: large, loaded when a window looks at another instant.
export * from "@doppelwerk/ui/rewind";
