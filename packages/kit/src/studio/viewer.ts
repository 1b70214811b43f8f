export * from "@doppelwerk/ui/viewer";
