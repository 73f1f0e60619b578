mod packed;
