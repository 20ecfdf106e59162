/** An owner's file that could not be read. `file` is how people name it; no message holds its content. */
export abstract class OwnerFileError extends Error {
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
  }
}

/** Nothing is there. */
export class OwnerFileMissing extends OwnerFileError {
  override readonly name = 'OwnerFileMissing';

  constructor(file: string) {
    super(file, `${file} does not exist; put the file there, or correct the name`);
  }
}

/** It is there, or may be, and we have no right to it. `remedy` says what to grant. */
export class OwnerFileForbidden extends OwnerFileError {
  override readonly name = 'OwnerFileForbidden';
  readonly remedy: string;

  constructor(file: string, remedy: string, to: 'read' | 'written' = 'read') {
    super(file, `${file} may not be ${to}; ${remedy}`);
    this.remedy = remedy;
  }
}

/** It is there and cannot be read, or is no text. */
export class OwnerFileUnreadable extends OwnerFileError {
  override readonly name = 'OwnerFileUnreadable';
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(file, `${file} could not be read: ${why}`, options);
    this.why = why;
  }
}

/** Where it is kept did not answer: nobody knows what it says now. It may pass. */
export class OwnerFileUnavailable extends OwnerFileError {
  override readonly name = 'OwnerFileUnavailable';
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(file, `${file} could not be fetched: ${why}`, options);
    this.why = why;
  }
}

export class OwnerFileTooLarge extends OwnerFileError {
  override readonly name = 'OwnerFileTooLarge';
  readonly maxBytes: number;

  constructor(file: string, maxBytes: number) {
    super(file, `${file} holds more than ${maxBytes} bytes, which is the most that is read; shorten it`);
    this.maxBytes = maxBytes;
  }
}

/** It was not written; what it held before stands. */
export class OwnerFileNotWritten extends OwnerFileError {
  override readonly name = 'OwnerFileNotWritten';
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(file, `${file} was not written: ${why}`, options);
    this.why = why;
  }
}

/** Somebody else has written it since it was read. It was not written; what they wrote stands. */
export class OwnerFileChanged extends OwnerFileError {
  override readonly name = 'OwnerFileChanged';

  constructor(file: string) {
    super(
      file,
      `${file} was not written, for somebody else has written it meanwhile; look at it, and ask again`,
    );
  }
}

/** Nobody answered: it may have been written, or not. */
export class OwnerFileWriteUnknown extends OwnerFileError {
  override readonly name = 'OwnerFileWriteUnknown';
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(
      file,
      `${file} may have been written, or not: ${why}; look at it, and ask again if it was not`,
      options,
    );
    this.why = why;
  }
}

/** The setting names no file: neither a path nor `gs://BUCKET/OBJECT`. */
export class OwnerFileAddressInvalid extends Error {
  override readonly name = 'OwnerFileAddressInvalid';
  readonly address: string;

  constructor(address: string) {
    super(`"${address}" names no file; write a path, or gs://BUCKET/OBJECT`);
    this.address = address;
  }
}

/** The setting has the form of `gs://BUCKET/OBJECT`, and no bucket can have that name. */
export class BucketNameInvalid extends Error {
  override readonly name = 'BucketNameInvalid';
  readonly address: string;
  readonly bucket: string;

  constructor(address: string, bucket: string) {
    const why = bucket.length < 3 ? 'is too short' : 'cannot be one';
    super(
      `"${address}": the bucket's name "${bucket}" ${why}; expected 3 to 222 lower-case letters, digits, "-", "_" and ".", the first a letter or digit`,
    );
    this.address = address;
    this.bucket = bucket;
  }
}
