;; Reads UTF-8 from a staging memory and writes fixed-width code units straight into the interpreter's memory,
;; so that a large text input never exists a second time. Strict: overlong forms, surrogates and code points above U+10FFFF are invalid.
(module
  (import "pyodide" "memory" (memory $heap 480 65536))
  ;; 1 MiB of input and room for the widest look-ahead.
  (memory $stage (export "stage") 17)
  ;; Where the next code unit is written; moves on with every call.
  (global $target (export "target") (mut i32) (i32.const 0))
  ;; Sums over calls: code points seen, the highest of them (measuring only), 1 after an invalid sequence.
  (global $characters (export "characters") (mut i32) (i32.const 0))
  (global $widest (export "widest") (mut i32) (i32.const 0))
  (global $invalid (export "invalid") (mut i32) (i32.const 0))

  ;; 1 when any byte of heap[at, at + length) has its high bit set.
  (func (export "has_non_ascii") (param $at i32) (param $length i32) (result i32)
    (local $end i32) (local $seen v128)
    (local.set $end (i32.add (local.get $at) (i32.and (local.get $length) (i32.const -64))))
    (block $blocks_done
      (loop $blocks
        (br_if $blocks_done (i32.eq (local.get $at) (local.get $end)))
        (local.set $seen (v128.or (local.get $seen)
          (v128.or (v128.or (v128.load $heap (local.get $at)) (v128.load $heap offset=16 (local.get $at)))
                   (v128.or (v128.load $heap offset=32 (local.get $at)) (v128.load $heap offset=48 (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $blocks)))
    (local.set $end (i32.add (local.get $end) (i32.and (local.get $length) (i32.const 63))))
    (block $bytes_done
      (loop $bytes
        (br_if $bytes_done (i32.eq (local.get $at) (local.get $end)))
        (local.set $seen (v128.or (local.get $seen) (i8x16.splat (i32.load8_u $heap (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $bytes)))
    (i32.ne (i8x16.bitmask (local.get $seen)) (i32.const 0)))

  ;; The low six bits of the continuation byte stage[at], or -1.
  (func $continuation (param $at i32) (result i32)
    (local $bits i32)
    (local.set $bits (i32.xor (i32.load8_u $stage (local.get $at)) (i32.const 0x80)))
    (select (i32.const -1) (local.get $bits) (i32.gt_u (local.get $bits) (i32.const 0x3f))))

  ;; Decodes stage[0, length). width 0 measures; 1, 2, 4 write units of that many bytes at $target.
  ;; Returns the bytes consumed: a sequence cut off by the end of the stage is left for the next call.
  (func (export "decode") (param $length i32) (param $width i32) (result i32)
    (local $at i32) (local $size i32) (local $point i32) (local $next i32) (local $to i32) (local $count i32) (local $widest i32)
    (local $eight i64) (local $pairs v128)
    (local.set $to (global.get $target))
    (local.set $widest (global.get $widest))
    (block $stop
      (loop $character
        (br_if $stop (i32.ge_u (local.get $at) (local.get $length)))
        ;; Eight ASCII bytes at once.
        (if (i32.le_u (i32.add (local.get $at) (i32.const 8)) (local.get $length)) (then
          (local.set $eight (i64.load $stage (local.get $at)))
          (if (i64.eqz (i64.and (local.get $eight) (i64.const 0x8080808080808080))) (then
            (if (i32.eq (local.get $width) (i32.const 1)) (then
              (i64.store $heap (local.get $to) (local.get $eight))))
            (if (i32.ge_u (local.get $width) (i32.const 2)) (then
              (local.set $pairs (i16x8.extend_low_i8x16_u (i64x2.splat (local.get $eight))))
              (if (i32.eq (local.get $width) (i32.const 2))
                (then (v128.store $heap (local.get $to) (local.get $pairs)))
                (else
                  (v128.store $heap (local.get $to) (i32x4.extend_low_i16x8_u (local.get $pairs)))
                  (v128.store $heap offset=16 (local.get $to) (i32x4.extend_high_i16x8_u (local.get $pairs)))))))
            (local.set $to (i32.add (local.get $to) (i32.shl (local.get $width) (i32.const 3))))
            (local.set $count (i32.add (local.get $count) (i32.const 8)))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br $character)))))
        (local.set $point (i32.load8_u $stage (local.get $at)))
        (block $decoded
          (block $bad
            (if (i32.lt_u (local.get $point) (i32.const 0x80)) (then (local.set $size (i32.const 1)) (br $decoded)))
            (br_if $bad (i32.lt_u (local.get $point) (i32.const 0xc2)))
            (br_if $bad (i32.gt_u (local.get $point) (i32.const 0xf4)))
            (if (i32.lt_u (local.get $point) (i32.const 0xe0))
              (then (local.set $size (i32.const 2)) (local.set $point (i32.and (local.get $point) (i32.const 0x1f))))
              (else (if (i32.lt_u (local.get $point) (i32.const 0xf0))
                (then (local.set $size (i32.const 3)) (local.set $point (i32.and (local.get $point) (i32.const 0x0f))))
                (else (local.set $size (i32.const 4)) (local.set $point (i32.and (local.get $point) (i32.const 0x07)))))))
            (br_if $stop (i32.gt_u (i32.add (local.get $at) (local.get $size)) (local.get $length)))
            (local.set $next (call $continuation (i32.add (local.get $at) (i32.const 1))))
            (br_if $bad (i32.lt_s (local.get $next) (i32.const 0)))
            (local.set $point (i32.or (i32.shl (local.get $point) (i32.const 6)) (local.get $next)))
            (br_if $decoded (i32.eq (local.get $size) (i32.const 2)))
            (local.set $next (call $continuation (i32.add (local.get $at) (i32.const 2))))
            (br_if $bad (i32.lt_s (local.get $next) (i32.const 0)))
            (local.set $point (i32.or (i32.shl (local.get $point) (i32.const 6)) (local.get $next)))
            (if (i32.eq (local.get $size) (i32.const 3)) (then
              (br_if $bad (i32.lt_u (local.get $point) (i32.const 0x800)))
              (br_if $bad (i32.eq (i32.shr_u (local.get $point) (i32.const 11)) (i32.const 0x1b)))
              (br $decoded)))
            (local.set $next (call $continuation (i32.add (local.get $at) (i32.const 3))))
            (br_if $bad (i32.lt_s (local.get $next) (i32.const 0)))
            (local.set $point (i32.or (i32.shl (local.get $point) (i32.const 6)) (local.get $next)))
            (br_if $bad (i32.lt_u (local.get $point) (i32.const 0x10000)))
            (br_if $bad (i32.gt_u (local.get $point) (i32.const 0x10ffff)))
            (br $decoded))
          (global.set $invalid (i32.const 1))
          (br $stop))
        (if (i32.gt_u (local.get $point) (local.get $widest)) (then (local.set $widest (local.get $point))))
        (if (i32.eq (local.get $width) (i32.const 1)) (then (i32.store8 $heap (local.get $to) (local.get $point))))
        (if (i32.eq (local.get $width) (i32.const 2)) (then (i32.store16 $heap (local.get $to) (local.get $point))))
        (if (i32.eq (local.get $width) (i32.const 4)) (then (i32.store $heap (local.get $to) (local.get $point))))
        (local.set $to (i32.add (local.get $to) (local.get $width)))
        (local.set $at (i32.add (local.get $at) (local.get $size)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $character)))
    (global.set $target (local.get $to))
    (global.set $widest (local.get $widest))
    (global.set $characters (i32.add (global.get $characters) (local.get $count)))
    (local.get $at)))
