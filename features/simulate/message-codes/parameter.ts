// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.parameter.cycle": Readonly<Record<never, never>>;
    "simulate.parameter.of.failure": Readonly<Record<never, never>>;
    "simulate.parameter.of.microStop": Readonly<Record<never, never>>;
    "simulate.parameter.of.unknown": Readonly<Record<never, never>>;
    "simulate.parameter.reject": Readonly<Record<never, never>>;
    "simulate.parameter.repair": Readonly<Record<never, never>>;
    "simulate.parameter.scrap": Readonly<Record<never, never>>;
    "simulate.parameter.setUp": Readonly<Record<never, never>>;
    "simulate.parameter.share": { readonly what: MessageParam };
    "simulate.parameter.stopBetween": { readonly what: MessageParam };
    "simulate.parameter.stopDuration": { readonly what: MessageParam };
    "simulate.parameter.travel": { readonly what: MessageParam };
    "simulate.parameter.try": { readonly number: MessageParam };
  }
}
