/** Each kind of failure to read an owner's file has its class; `file` is how people name the file. */
export type OwnerFileError = OwnerFileMissing | OwnerFileForbidden | OwnerFileUnreadable | OwnerFileTooLarge;

/** Nothing is there. */
export class OwnerFileMissing extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} does not exist; put the file there, or correct the setting that names it`);
    this.name = 'OwnerFileMissing';
    this.file = file;
  }
}

/** It is there, or may be, and we have no right to read it. `remedy` says what to grant. */
export class OwnerFileForbidden extends Error {
  readonly file: string;
  readonly remedy: string;

  constructor(file: string, remedy: string) {
    super(`${file} may not be read; ${remedy}`);
    this.name = 'OwnerFileForbidden';
    this.file = file;
    this.remedy = remedy;
  }
}

/** It could not be read now, or is no text. `why` holds no content of the file. */
export class OwnerFileUnreadable extends Error {
  readonly file: string;
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} could not be read: ${why}`, options);
    this.name = 'OwnerFileUnreadable';
    this.file = file;
    this.why = why;
  }
}

export class OwnerFileTooLarge extends Error {
  readonly file: string;
  readonly maxBytes: number;

  constructor(file: string, maxBytes: number) {
    super(`${file} holds more than ${maxBytes} bytes, which is the most that is read; shorten it`);
    this.name = 'OwnerFileTooLarge';
    this.file = file;
    this.maxBytes = maxBytes;
  }
}

/** The setting names no file: neither a path nor `gs://BUCKET/OBJECT`. */
export class OwnerFileAddressInvalid extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`"${address}" names no file; write a path, or gs://BUCKET/OBJECT`);
    this.name = 'OwnerFileAddressInvalid';
    this.address = address;
  }
}
