// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.logged.abandon": { readonly revision: MessageParam };
    "settings.logged.addPasskey": Readonly<Record<never, never>>;
    "settings.logged.askOutside": Readonly<Record<never, never>>;
    "settings.logged.attention.begun": { readonly code: MessageParam };
    "settings.logged.attention.over": { readonly code: MessageParam };
    "settings.logged.before": { readonly revision: MessageParam };
    "settings.logged.certifyMachine": Readonly<Record<never, never>>;
    "settings.logged.change": { readonly revision: MessageParam };
    "settings.logged.changeAccessSet": Readonly<Record<never, never>>;
    "settings.logged.changeAccount": Readonly<Record<never, never>>;
    "settings.logged.changeMachine": Readonly<Record<never, never>>;
    "settings.logged.changePassword": Readonly<Record<never, never>>;
    "settings.logged.changeWorld": Readonly<Record<never, never>>;
    "settings.logged.createAccessSet": Readonly<Record<never, never>>;
    "settings.logged.createAccount": Readonly<Record<never, never>>;
    "settings.logged.createMachine": Readonly<Record<never, never>>;
    "settings.logged.createTerminal": Readonly<Record<never, never>>;
    "settings.logged.createWorld": Readonly<Record<never, never>>;
    "settings.logged.declareTerminal": Readonly<Record<never, never>>;
    "settings.logged.deleteWorld": Readonly<Record<never, never>>;
    "settings.logged.endOwnSession": Readonly<Record<never, never>>;
    "settings.logged.enrolMachine": Readonly<Record<never, never>>;
    "settings.logged.erasePerson": Readonly<Record<never, never>>;
    "settings.logged.evidence": Readonly<Record<never, never>>;
    "settings.logged.export": { readonly operation: MessageParam };
    "settings.logged.exportPerson": Readonly<Record<never, never>>;
    "settings.logged.fork": { readonly revision: MessageParam };
    "settings.logged.giveMachineToken": Readonly<Record<never, never>>;
    "settings.logged.inviteAccount": Readonly<Record<never, never>>;
    "settings.logged.job": { readonly kind: MessageParam; readonly state: MessageParam };
    "settings.logged.join": Readonly<Record<never, never>>;
    "settings.logged.joinByPasskey": Readonly<Record<never, never>>;
    "settings.logged.linkTerminal": Readonly<Record<never, never>>;
    "settings.logged.logIn": Readonly<Record<never, never>>;
    "settings.logged.logInByPasskey": Readonly<Record<never, never>>;
    "settings.logged.logOut": Readonly<Record<never, never>>;
    "settings.logged.lost": { readonly revision: MessageParam };
    "settings.logged.merge": { readonly revision: MessageParam };
    "settings.logged.offerMachineCode": Readonly<Record<never, never>>;
    "settings.logged.provePresence": Readonly<Record<never, never>>;
    "settings.logged.record": { readonly journal: MessageParam };
    "settings.logged.refused": { readonly operation: MessageParam; readonly count: number };
    "settings.logged.removeAccessSet": Readonly<Record<never, never>>;
    "settings.logged.removeAccount": Readonly<Record<never, never>>;
    "settings.logged.removeMachine": Readonly<Record<never, never>>;
    "settings.logged.removePasskey": Readonly<Record<never, never>>;
    "settings.logged.removePassword": Readonly<Record<never, never>>;
    "settings.logged.removeTerminal": Readonly<Record<never, never>>;
    "settings.logged.renewRecoveryCodes": Readonly<Record<never, never>>;
    "settings.logged.restored": { readonly instant: MessageParam };
    "settings.logged.revokeMachineCertificates": Readonly<Record<never, never>>;
    "settings.logged.segment": { readonly file: MessageParam };
    "settings.logged.setBadge": Readonly<Record<never, never>>;
    "settings.logged.setOwnPin": Readonly<Record<never, never>>;
    "settings.logged.setUseNotice": Readonly<Record<never, never>>;
    "settings.logged.signInAtTerminal": Readonly<Record<never, never>>;
    "settings.logged.start": Readonly<Record<never, never>>;
    "settings.logged.stop": Readonly<Record<never, never>>;
    "settings.logged.switchFeature": Readonly<Record<never, never>>;
    "settings.logged.undo": { readonly revision: MessageParam };
  }
}
