// Generated from packages/server/words/en/engines.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "engines.clocksNoValue": { readonly name: MessageParam };
    "engines.clocksNotSet": { readonly name: MessageParam };
    "engines.fmi.arraySize": { readonly name: MessageParam; readonly max: MessageParam };
    "engines.fmi.attributeMissing": { readonly name: MessageParam };
    "engines.fmi.causality": { readonly causality: MessageParam };
    "engines.fmi.clockNotDriven": { readonly name: MessageParam };
    "engines.fmi.nameTwice": Readonly<Record<never, never>>;
    "engines.fmi.needsTool": Readonly<Record<never, never>>;
    "engines.fmi.noBinary": { readonly platform: MessageParam; readonly platforms: MessageParam };
    "engines.fmi.noCoSimulation": Readonly<Record<never, never>>;
    "engines.fmi.noIdentifier": { readonly identifier: MessageParam };
    "engines.fmi.noModelDescription": Readonly<Record<never, never>>;
    "engines.fmi.noModelName": Readonly<Record<never, never>>;
    "engines.fmi.noType": { readonly name: MessageParam };
    "engines.fmi.notUtf8": Readonly<Record<never, never>>;
    "engines.fmi.onlyOther": { readonly interfaces: MessageParam };
    "engines.fmi.rootElement": { readonly name: MessageParam };
    "engines.fmi.sourcesOnly": Readonly<Record<never, never>>;
    "engines.fmi.tooManyValues": { readonly max: MessageParam };
    "engines.fmi.tooManyVariables": { readonly count: MessageParam; readonly max: MessageParam };
    "engines.fmi.valueReference": { readonly reference: MessageParam };
    "engines.fmi.variability": { readonly variability: MessageParam };
    "engines.fmi.variableWithoutName": Readonly<Record<never, never>>;
    "engines.fmi.variableWithoutType": Readonly<Record<never, never>>;
    "engines.fmi.versionNotRead": { readonly version: MessageParam };
    "engines.fmi.wasmComponent": Readonly<Record<never, never>>;
    "engines.holdsNoNumber": { readonly name: MessageParam };
    "engines.modelBrokeDown": { readonly name: MessageParam; readonly cause: MessageParam; readonly wasi: MessageParam };
    "engines.modelCannotRun": { readonly name: MessageParam; readonly binary: MessageParam };
    "engines.modelCouldNotInstantiated": { readonly why: MessageParam };
    "engines.modelCouldNotRead": { readonly reason: MessageParam };
    "engines.modelDiscardedStep": { readonly timeS: MessageParam };
    "engines.modelDoesNotEndEventIteration": Readonly<Record<never, never>>;
    "engines.modelGivenUp": { readonly name: MessageParam; readonly deadlineS: MessageParam };
    "engines.modelNative": { readonly name: MessageParam; readonly platform: MessageParam };
    "engines.modelNativeCode": { readonly name: MessageParam };
    "engines.modelNoMemoryLeft": Readonly<Record<never, never>>;
    "engines.modelNoNativeCodeMachine": { readonly name: MessageParam };
    "engines.modelNothingElseHarmed": { readonly name: MessageParam; readonly code: MessageParam };
    "engines.modelRefused": { readonly name: MessageParam; readonly status: MessageParam; readonly said: MessageParam };
    "engines.modelThreadEnded": { readonly name: MessageParam; readonly reason: MessageParam };
    "engines.nativeCodeModelCannotLoaded": { readonly reason: MessageParam };
    "engines.nativeCodeModelNoFunction": { readonly name: MessageParam };
    "engines.nativeMemoryNotCopied": Readonly<Record<never, never>>;
    "engines.processModelDidNotStart": { readonly name: MessageParam; readonly reason: MessageParam };
    "engines.programCannotSolved": { readonly fault: MessageParam };
    "engines.runModelCancelled": { readonly name: MessageParam };
    "engines.runOfModelCancelled": { readonly name: MessageParam };
    "engines.savedStateNotModel": Readonly<Record<never, never>>;
    "engines.stateModelCannotSaved": { readonly stateFault: MessageParam };
    "engines.takesValues": { readonly name: MessageParam; readonly count: MessageParam; readonly count2: MessageParam };
    "engines.webAssemblyModelCannotCompiled": { readonly cause: MessageParam };
    "engines.webAssemblyModelCannotLoaded": { readonly cause: MessageParam };
    "engines.webAssemblyModelExportsNoMemory": Readonly<Record<never, never>>;
    "engines.webAssemblyModelNoFunction": { readonly name: MessageParam };
  }
}
