// Made of openapi.json by `make docs`: 2d19e10d70cb6b2c2b08b5128886b5c9a40d48d7d766921fdc7399bc0569d9ad

/** Limits of the fields of requests. */
export const LIMITS = {
  "AnalysisChange": {
    "brands": {
      "maxItems": 200
    }
  },
  "Announced": {
    "sequence": {
      "minimum": 0,
      "maximum": 99999999
    },
    "media_time": {
      "minimum": 0,
      "maximum": 9999999
    },
    "duration": {
      "minimum": 0.001,
      "maximum": 12
    }
  },
  "BrandChange": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  },
  "Drawing": {
    "label": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    }
  },
  "MemberChange": {
    "name": {
      "maxLength": 200
    }
  },
  "NewBrand": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    }
  },
  "NewChannel": {
    "name": {
      "maxLength": 100
    },
    "address": {
      "maxLength": 500
    }
  },
  "NewClip": {
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    },
    "appearance": {
      "pattern": "^([0-9]{10})-([0-9]{3,6})(?!\\n)$"
    },
    "label": {
      "maxLength": 1000
    },
    "at": {
      "minimum": 0
    },
    "before": {
      "minimum": 0,
      "maximum": 60.0
    },
    "after": {
      "minimum": 0,
      "maximum": 60.0
    }
  },
  "NewMember": {
    "email": {
      "maxLength": 254,
      "pattern": "^\\s*[^@\\s\\x00-\\x1f<>\\\"(),:;\\[\\]\\\\]{1,64}@(?:[\\w-]{1,63}\\.)*[\\w-]{1,63}\\s*$"
    },
    "name": {
      "maxLength": 200
    },
    "tenant": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?!\\n)$"
    }
  },
  "NewRule": {
    "name": {
      "maxLength": 100
    },
    "stream": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?!\\n)$"
    },
    "cooldown": {
      "minimum": 10,
      "maximum": 86400
    },
    "channels": {
      "maxItems": 10,
      "items": {
        "pattern": "^c[0-9a-f]{16}(?!\\n)$"
      }
    }
  },
  "NewShare": {
    "label": {
      "maxLength": 200
    }
  },
  "NewStream": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    },
    "viewers": {
      "maxItems": 500,
      "items": {
        "pattern": "^m[0-9a-f]{24}(?!\\n)$"
      }
    }
  },
  "NewUpload": {
    "name": {
      "maxLength": 1000,
      "pattern": "\\S"
    },
    "size": {
      "minimum": 1
    },
    "content_type": {
      "pattern": "^[ -~]*(?!\\n)$"
    },
    "fingerprint": {
      "pattern": "^[0-9a-f]{64}(?!\\n)$"
    }
  },
  "OfMany": {
    "brands": {
      "maxItems": 100,
      "items": {
        "maxLength": 200
      }
    },
    "zones": {
      "maxItems": 50
    },
    "sessions": {
      "maxItems": 100
    }
  },
  "OfSession": {
    "brands": {
      "maxItems": 100,
      "items": {
        "maxLength": 200
      }
    },
    "zones": {
      "maxItems": 50
    },
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    }
  },
  "Preview": {
    "media_ms": {
      "minimum": 0
    }
  },
  "QuotaChange": {
    "tenant": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?!\\n)$"
    },
    "media_hours_day": {
      "minimum": 0,
      "maximum": 1000000
    },
    "media_bytes_day": {
      "minimum": 0,
      "maximum": 1000000000000000
    },
    "stored_bytes": {
      "minimum": 0,
      "maximum": 1000000000000000
    },
    "upload_bytes_day": {
      "minimum": 0,
      "maximum": 1000000000000000
    },
    "imports_at_once": {
      "minimum": 0,
      "maximum": 1000
    },
    "frames_day": {
      "minimum": 0,
      "maximum": 1000000000
    },
    "usd_day": {
      "minimum": 0,
      "maximum": 1000000
    }
  },
  "Range": {
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    },
    "id": {
      "pattern": "^[A-Za-z0-9]{1,64}(?!\\n)$"
    }
  },
  "Redeemed": {
    "secret": {
      "maxLength": 200
    }
  },
  "RuleChange": {
    "name": {
      "maxLength": 100
    },
    "stream": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?!\\n)$"
    },
    "cooldown": {
      "minimum": 10,
      "maximum": 86400
    },
    "channels": {
      "maxItems": 10,
      "items": {
        "pattern": "^c[0-9a-f]{16}(?!\\n)$"
      }
    }
  },
  "RuleTest": {
    "stream": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?!\\n)$"
    },
    "cooldown": {
      "minimum": 10,
      "maximum": 86400
    },
    "hours": {
      "minimum": 1,
      "maximum": 168
    }
  },
  "Signed": {
    "brands": {
      "maxItems": 100,
      "items": {
        "maxLength": 200
      }
    },
    "zones": {
      "maxItems": 50
    },
    "sessions": {
      "maxItems": 100
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "signed_by": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  },
  "StreamChange": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "viewers": {
      "maxItems": 500,
      "items": {
        "pattern": "^m[0-9a-f]{24}(?!\\n)$"
      }
    }
  },
  "StreamQuotaChange": {
    "media_hours_day": {
      "minimum": 0,
      "maximum": 1000000
    },
    "frames_day": {
      "minimum": 0,
      "maximum": 1000000000
    },
    "usd_day": {
      "minimum": 0,
      "maximum": 1000000
    }
  },
  "Verdict": {
    "appearance": {
      "pattern": "^([0-9]{10})-([0-9]{3,6})(?!\\n)$"
    },
    "label": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  }
} as const
