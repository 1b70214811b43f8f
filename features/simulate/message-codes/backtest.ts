// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.backtest.bias": Readonly<Record<never, never>>;
    "simulate.backtest.count": Readonly<Record<never, never>>;
    "simulate.backtest.crps": Readonly<Record<never, never>>;
    "simulate.backtest.error": Readonly<Record<never, never>>;
    "simulate.backtest.horizon": Readonly<Record<never, never>>;
    "simulate.backtest.horizons.1 h": Readonly<Record<never, never>>;
    "simulate.backtest.horizons.next shift": Readonly<Record<never, never>>;
    "simulate.backtest.horizons.this shift": Readonly<Record<never, never>>;
    "simulate.backtest.inside": Readonly<Record<never, never>>;
    "simulate.backtest.note": Readonly<Record<never, never>>;
    "simulate.backtest.plot": Readonly<Record<never, never>>;
    "simulate.backtest.running": { readonly done: MessageParam; readonly total: MessageParam };
    "simulate.backtest.skill": Readonly<Record<never, never>>;
    "simulate.backtest.skillHint": Readonly<Record<never, never>>;
    "simulate.backtest.title": Readonly<Record<never, never>>;
    "simulate.backtest.titleOf": { readonly line: MessageParam };
    "simulate.backtest.wait": Readonly<Record<never, never>>;
    "simulate.backtest.worse": { readonly horizons: MessageParam };
  }
}
