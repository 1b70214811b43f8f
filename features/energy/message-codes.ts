// Generated from features/energy/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "energy.fault.period": Readonly<Record<never, never>>;
    "energy.logRemoved": { readonly signal: MessageParam };
    "energy.logStored": { readonly signal: MessageParam };
    "energy.noLine": { readonly line: MessageParam };
    "energy.noSignal": { readonly id: MessageParam };
    "energy.noUnit": { readonly signal: MessageParam };
    "energy.of.meters": { readonly names: MessageParam };
    "energy.of.stations": { readonly count: number };
    "energy.others": { readonly count: number };
    "energy.over": Readonly<Record<never, never>>;
    "energy.rest": Readonly<Record<never, never>>;
    "energy.span": { readonly from: MessageParam; readonly to: MessageParam };
    "energy.title": Readonly<Record<never, never>>;
    "energy.titleOf": { readonly used: MessageParam };
    "energy.titleOfStations": { readonly used: MessageParam };
    "energy.why.noLineMeter": Readonly<Record<never, never>>;
    "energy.why.noMeter": { readonly place: MessageParam };
    "energy.why.ofTime": Readonly<Record<never, never>>;
    "energy.why.silent": { readonly meter: MessageParam };
  }
}
