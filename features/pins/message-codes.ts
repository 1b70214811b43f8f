// Generated from features/pins/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "pins.address": Readonly<Record<never, never>>;
    "pins.choose": Readonly<Record<never, never>>;
    "pins.choosePoint": Readonly<Record<never, never>>;
    "pins.failed": Readonly<Record<never, never>>;
    "pins.fault.address": Readonly<Record<never, never>>;
    "pins.fault.file": Readonly<Record<never, never>>;
    "pins.file": Readonly<Record<never, never>>;
    "pins.hasPoint": Readonly<Record<never, never>>;
    "pins.log.added": { readonly station: MessageParam };
    "pins.log.removed": { readonly station: MessageParam };
    "pins.lookAt": Readonly<Record<never, never>>;
    "pins.name": Readonly<Record<never, never>>;
    "pins.noFile": Readonly<Record<never, never>>;
    "pins.noPin": { readonly id: MessageParam };
    "pins.noPoint": Readonly<Record<never, never>>;
    "pins.noShell": { readonly shell: MessageParam };
    "pins.none": Readonly<Record<never, never>>;
    "pins.open": { readonly name: MessageParam };
    "pins.openPdf": Readonly<Record<never, never>>;
    "pins.personal": Readonly<Record<never, never>>;
    "pins.pin": Readonly<Record<never, never>>;
    "pins.remove": Readonly<Record<never, never>>;
    "pins.title": Readonly<Record<never, never>>;
    "pins.tooMany": { readonly count: MessageParam };
  }
}
