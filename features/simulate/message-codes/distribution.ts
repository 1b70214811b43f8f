// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.distribution.constant": Readonly<Record<never, never>>;
    "simulate.distribution.empirical": Readonly<Record<never, never>>;
    "simulate.distribution.exponential": Readonly<Record<never, never>>;
    "simulate.distribution.gamma": Readonly<Record<never, never>>;
    "simulate.distribution.lognormal": Readonly<Record<never, never>>;
    "simulate.distribution.normal": Readonly<Record<never, never>>;
    "simulate.distribution.probability": Readonly<Record<never, never>>;
    "simulate.distribution.triangular": Readonly<Record<never, never>>;
    "simulate.distribution.uniform": Readonly<Record<never, never>>;
    "simulate.distribution.weibull": Readonly<Record<never, never>>;
  }
}
