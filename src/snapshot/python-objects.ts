/* Layout of CPython's objects in a 32-bit build: where the bytes of a value begin, counted from the object's address. */

export const BYTES_HEADER_BYTES = 16;
export const ASCII_HEADER_BYTES = 20;
/** Text with a character beyond ASCII: its cached UTF-8 copy at +24 with the length at +20, the characters at +28. */
export const WIDE_TEXT_HEADER_BYTES = 28;
/** Number of characters. */
export const TEXT_LENGTH_OFFSET = 8;
