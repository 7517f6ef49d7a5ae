// What a program on a server gets for the element's module: there is nothing to draw on, so the tag
// stays as it stands, with its fallback content, until a browser defines it.

/** Cannot be made here; a browser's module has the element under this name. */
export class BackpropDemo {
  constructor() {
    throw new TypeError('BackpropDemo is an element of a browser: there is none here.');
  }
}
