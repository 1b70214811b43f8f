import { configure } from "@testing-library/react";

// Of a browser, what jsdom has not: there is no layout, and no socket ever opens.

window.matchMedia = ((media: string) => ({
  media,
  matches: false,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
})) as never;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView = () => {};
HTMLCanvasElement.prototype.getContext = (() => null) as never;
globalThis.WebSocket = class extends EventTarget {
  close() {}
  send() {}
} as never;

// no wait decides on a busy machine
configure({ asyncUtilTimeout: 60_000 });
